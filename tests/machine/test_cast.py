from __future__ import annotations

from tests.cast import Cast


def test_alice_and_bob_have_workspaces_of_their_own(cast: Cast) -> None:
    assert cast.ada.workspace_id == cast.workspace.id != cast.bobs_workspace.id
