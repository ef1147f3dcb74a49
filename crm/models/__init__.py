"""The facts: tables, constraints and what is true of one row for ever."""

from crm.models.account import IdempotencyKey, Membership, Role, Token, User, Workspace
from crm.models.activity import Activity, Direction, Happened
from crm.models.answer import Answer, AnswerWay, Proposal, ProposalState
from crm.models.campaign import Campaign, campaign_contacts
from crm.models.contact import (
    Closed,
    Contact,
    ContactTag,
    InField,
    Interest,
    Stage,
    StageChange,
    WorkRole,
)
from crm.models.feed import (
    Feed,
    FeedEntry,
    FeedToken,
    FeedVisit,
    Include,
    Privacy,
    RemindersAs,
    feed_marks,
)
from crm.models.heartbeat import Heartbeat, Rehearsal
from crm.models.interview import Interview, InterviewState, Medium, Rsvp
from crm.models.message import (
    BadAddress,
    MailChannel,
    Message,
    MessageBody,
    MessageKind,
    MessageState,
    Subscription,
    Way,
)
from crm.models.notification import SETTLED, Device, Notification, Push, PushState
from crm.models.organisation import Organisation
from crm.models.preference import OwnCopy, Preference
from crm.models.received import Came, Cursor, Dropbox, Received
from crm.models.reminder import OPEN, WAITING, Kind, Reminder, ReminderState
from crm.models.thanks import Thanks, ThanksBy
from crm.models.transfer import (
    Import,
    ImportChange,
    ImportFile,
    ImportRefusal,
    ImportState,
)

__all__ = [
    "OPEN",
    "SETTLED",
    "WAITING",
    "Activity",
    "Answer",
    "AnswerWay",
    "BadAddress",
    "Came",
    "Campaign",
    "Closed",
    "Contact",
    "ContactTag",
    "Cursor",
    "Device",
    "Direction",
    "Dropbox",
    "Feed",
    "FeedEntry",
    "FeedToken",
    "FeedVisit",
    "Happened",
    "Heartbeat",
    "IdempotencyKey",
    "Import",
    "ImportChange",
    "ImportFile",
    "ImportRefusal",
    "ImportState",
    "InField",
    "Include",
    "Interest",
    "Interview",
    "InterviewState",
    "Kind",
    "MailChannel",
    "Medium",
    "Membership",
    "Message",
    "MessageBody",
    "MessageKind",
    "MessageState",
    "Notification",
    "Organisation",
    "OwnCopy",
    "Preference",
    "Privacy",
    "Proposal",
    "ProposalState",
    "Push",
    "PushState",
    "Received",
    "Rehearsal",
    "Reminder",
    "ReminderState",
    "RemindersAs",
    "Role",
    "Rsvp",
    "Stage",
    "StageChange",
    "Subscription",
    "Thanks",
    "ThanksBy",
    "Token",
    "User",
    "Way",
    "WorkRole",
    "Workspace",
    "campaign_contacts",
    "feed_marks",
]
