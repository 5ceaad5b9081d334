"""A post becomes as few requests as can be."""

from bridge.model.shapes import Button, File, Post
from connectors.chat.telegram.posting import as_documents, instead_of, plan

PHOTO = File("a.jpg", "image/jpeg", b"jpg")
LARGE = File("b.jpg", "image/jpeg", b"x" * (10 * 1024 * 1024 + 1))
PDF = File("c.pdf", "application/pdf", b"pdf")
BUTTON = (Button("retry", "Retry", "1"),)


def kinds(post: Post, *files: File) -> list[tuple[str, int, bool, bool]]:
    return [(s.kind, len(s.files), bool(s.text.text), s.keyboard is not None) for s in plan(post, files)]


def test_words_alone() -> None:
    assert kinds(Post("Bob", "Hi", buttons=BUTTON)) == [("text", 0, True, True)]
    assert kinds(Post("Bob", "😀" * 3500, buttons=BUTTON)) == [
        ("text", 0, True, False),
        ("text", 0, True, True),
    ]


def test_nothing_at_all_is_said_so() -> None:
    [step] = plan(Post("", ""), [])

    assert step.text.text == "(empty message)"


def test_one_file_carries_the_words() -> None:
    assert kinds(Post("Bob", "Hi", buttons=BUTTON), PHOTO) == [("photo", 1, True, True)]
    assert kinds(Post("", ""), PDF) == [("document", 1, False, False)]


def test_a_photo_over_ten_megabytes_is_a_document() -> None:
    assert kinds(Post("Bob", "Hi"), LARGE) == [("document", 1, True, False)]


def test_several_of_one_kind_are_an_album() -> None:
    assert kinds(Post("Bob", "Hi"), PHOTO, PHOTO) == [("photo", 2, True, False)]
    assert kinds(Post("Bob", ""), *[PHOTO] * 12) == [
        ("text", 0, True, False),
        ("photo", 10, False, False),
        ("photo", 2, False, False),
    ]


def test_an_album_cannot_carry_buttons_nor_a_long_text() -> None:
    assert kinds(Post("Bob", "Hi", buttons=BUTTON), PHOTO, PHOTO) == [
        ("text", 0, True, True),
        ("photo", 2, False, False),
    ]
    assert kinds(Post("", "", buttons=BUTTON), PHOTO, PHOTO)[0] == ("text", 0, True, True)
    assert kinds(Post("Bob", "x" * 1100), PHOTO) == [("text", 0, True, False), ("photo", 1, False, False)]


def test_kinds_are_not_mixed() -> None:
    assert kinds(Post("Bob", "Hi"), PHOTO, PDF) == [
        ("text", 0, True, False),
        ("photo", 1, False, False),
        ("document", 1, False, False),
    ]


def test_what_is_refused_goes_as_documents_and_then_by_name() -> None:
    [album] = plan(Post("Bob", "Hi"), [PHOTO, PHOTO])

    documents = as_documents(album)
    assert [(s.kind, s.text.text) for s in documents] == [("document", "Bob\nHi"), ("document", "")]
    assert (
        instead_of(documents[0], "too odd").text.text == "Bob\nHi\n(a.jpg could not be shown here: too odd)"
    )
    assert instead_of(documents[1], "too odd").text.text == "(a.jpg could not be shown here: too odd)"
