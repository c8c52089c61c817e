import gc

from api.importing import importing


def test_garbage_is_collected_again_after_imports() -> None:
    with importing():
        assert not gc.isenabled()
    assert gc.isenabled()
