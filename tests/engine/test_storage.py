import errno
from pathlib import Path

import pytest

from engine.storage import StorageError, reading_from, writing_to


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "its disk is full. Make room"),
        (errno.EDQUOT, "its disk is full. Make room"),
        (errno.EROFS, "its disk is read-only. Use another folder"),
        (errno.EACCES, "permission denied. Change its permissions"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_refusal_names_the_folder_and_says_what_to_do(number: int, words: str) -> None:
    with pytest.raises(StorageError) as caught, writing_to(Path("/the/folder")):
        raise OSError(number, "Input/output error")
    assert str(caught.value).startswith("/the/folder cannot be written: ")
    assert words in str(caught.value)


def test_only_a_full_disk_can_be_mended_by_making_room() -> None:
    for number, full in [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EROFS, False)]:
        with pytest.raises(StorageError) as caught, writing_to(Path()):
            raise OSError(number, "")
        assert caught.value.full is full


def test_reading_names_the_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"No such file or directory \(.*missing\.json\)"), reading_from(tmp_path):
        (tmp_path / "missing.json").read_bytes()


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(KeyError), writing_to(Path()):
        raise KeyError
