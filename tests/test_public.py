"""What newsclean shows to the outside."""

import inspect
import subprocess
import sys

import pytest

import newsclean
from newsclean import errors, model


def test_all_is_sorted_and_importable() -> None:
    assert list(newsclean.__all__) == sorted(newsclean.__all__)
    for name in newsclean.__all__:
        assert getattr(newsclean, name) is not None
    assert sorted(dir(newsclean)) == list(newsclean.__all__)


def test_other_names_are_no_part_of_it() -> None:
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        newsclean.extrakt  # noqa: B018


def test_import_costs_nothing() -> None:
    code = "import sys, newsclean; print(sorted(name for name in sys.modules if name.startswith('newsclean.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['newsclean.version']"


@pytest.mark.parametrize("name", [name for name in newsclean.__all__ if name != "__version__"])
def test_public_names_have_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(newsclean, name))


def test_the_types_of_the_model_are_public() -> None:
    types = {
        name for name, value in vars(model).items() if inspect.isclass(value) and value.__module__ == model.__name__
    }
    assert types <= set(newsclean.__all__)


CLASSES = [value for value in vars(errors).values() if inspect.isclass(value)]
ERRORS = [value for value in CLASSES if issubclass(value, errors.NewscleanError)]


def test_every_error_is_in_the_tree_of_the_docstring() -> None:
    assert errors.__doc__ is not None
    drawn = set(errors.__doc__.replace(",", " ").split())
    assert {error.__name__ for error in ERRORS} <= drawn
    assert ERRORS == CLASSES


def test_codes_name_one_error_each() -> None:
    codes = [error.code for error in ERRORS if "code" in vars(error)]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)
