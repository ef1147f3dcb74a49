// Every page loads this. What a page doesn't need finds nothing to do.
import "../vendor/htmx-4.0.1.min.js";
import { startAutosubmit } from "./autosubmit.js";
import { startBell } from "./bell.js";
import { startCopy } from "./copy.js";
import { startDialogs } from "./dialog.js";
import { startDrafts } from "./drafts.js";
import { startDropzones } from "./dropzone.js";
import { startHtmx } from "./htmx-setup.js";
import { startInplace } from "./inplace.js";
import { startPush } from "./push.js";
import { startShortcuts } from "./shortcuts.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toast.js";
import { startZones } from "./timezone.js";

startHtmx();
startTheme();
startToasts();
startDialogs();
startInplace();
startDrafts();
startDropzones();
startAutosubmit();
startZones();
startCopy();
startShortcuts();
startBell();
startPush();

if (document.querySelector("[data-board]")) import("./board.js").then((board) => board.startBoard());
// What was refused is where somebody goes on.
document.querySelector("#main [aria-invalid=true]")?.focus();
