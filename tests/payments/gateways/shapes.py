"""The same JSON in the other shapes that servers of one protocol give it."""


def numbers_as_text(value):
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return str(value)
    return _inside(value, numbers_as_text)


def digits_as_numbers(value):
    if isinstance(value, str) and value.isascii() and value.isdigit() and value[0] != "0":
        return int(value)
    return _inside(value, digits_as_numbers)


def codes_as_floats(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return _inside(value, codes_as_floats)


def lower_names(value):
    return _renamed(value, str.lower)


def upper_names(value):
    return _renamed(value, str.upper)


def persian_digits(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    return _inside(value, persian_digits)


def _renamed(value, rename):
    if isinstance(value, dict):
        return {rename(name): _renamed(inner, rename) for name, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, rename) for inner in value]
    return value


def _inside(value, change):
    if isinstance(value, dict):
        return {name: change(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [change(inner) for inner in value]
    return value


RESHAPES = (numbers_as_text, digits_as_numbers, codes_as_floats, lower_names, upper_names, persian_digits)
