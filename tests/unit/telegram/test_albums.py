"""Albums wait on a shelf that outlives the daemon."""

from connectors.chat.telegram.albums import Shelf, key_of, read_shelf


def part(update: int, group: str = "7", chat: int = -1) -> dict[str, object]:
    return {"update_id": update, "message": {"chat": {"id": chat}, "media_group_id": group}}


def test_parts_of_one_album_lie_together() -> None:
    shelf = Shelf().with_part("-1:7", part(1)).with_part("-1:7", part(2)).with_part("-1:8", part(3, "8"))

    assert {key: len(parts) for key, parts in shelf.albums.items()} == {"-1:7": 2, "-1:8": 1}
    assert [key_of(part(1)), key_of({"update_id": 1, "message": {"chat": {"id": 1}}})] == ["-1:7", None]


def test_a_part_that_comes_again_changes_nothing() -> None:
    shelf = Shelf().with_part("-1:7", part(1))

    assert shelf.with_part("-1:7", part(1)) == shelf
    taken = shelf.without(("-1:7",))
    assert taken.albums == {}
    assert taken.with_part("-1:7", part(1)) == taken


def test_whatever_else_is_written_in_a_chat_ends_its_albums() -> None:
    shelf = Shelf().with_part("-1:7", part(1)).with_part("-12:8", part(2, "8", -12))

    assert shelf.of_chat(-1) == ("-1:7",)
    assert shelf.of_chat(None) == ()


def test_it_can_be_written_down() -> None:
    shelf = Shelf().with_part("-1:7", part(1)).with_part("-1:8", part(2, "8")).without(("-1:7",))

    assert read_shelf(shelf.written()) == shelf
    assert read_shelf(None) == read_shelf("") == Shelf()
