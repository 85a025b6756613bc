"""Pictures that people send: made anew, upright, without what was hidden in them; everything else is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from campaigns.pictures import MOST_BYTES, MOST_HEIGHT, MOST_WIDTH, TARGET_BYTES, remake
from core.errors import DomainError
from tests.factories.campaigns import picture_bytes


def made_of(content: bytes):
    return remake(BytesIO(content), len(content))


def refusal(content: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        made_of(content)
    return refused.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_is_a_small_webp(kind):
    made = made_of(picture_bytes(kind, (3000, 2000)))
    picture = Image.open(BytesIO(made.content))
    assert (picture.format, picture.size) == ("WEBP", (made.width, made.height))
    assert made.width <= MOST_WIDTH
    assert made.height <= MOST_HEIGHT
    assert len(made.content) <= TARGET_BYTES
    assert abs(made.width / made.height - 1.5) < 0.01


def test_nothing_of_the_camera_is_left_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0110], exif[0x0112], exif[0x9C9C] = "CAMERA-MODEL", 6, b"COMMENT"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture_bytes("JPEG", (600, 300), exif=exif, comment=b"HIDDEN")
    assert b"CAMERA-MODEL" in sent
    made = made_of(sent + b"<script>appended</script>")
    assert (made.width, made.height) == (300, 600), "turned as the camera was held"
    picture = Image.open(BytesIO(made.content))
    assert not picture.getexif()
    for word in (b"CAMERA-MODEL", b"COMMENT", b"HIDDEN", b"script", b"EXIF"):
        assert word not in made.content


def test_glass_becomes_white():
    file = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(file, "PNG")
    picture = Image.open(BytesIO(made_of(file.getvalue()).content)).convert("RGB")
    assert min(picture.getpixel((150, 150))) > 250


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bad_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "bad_picture"),
        (b"%PDF-1.7", "bad_picture"),
        (b"\xff\xd8\xff" + b"x" * 500, "bad_picture"),
        (picture_bytes("PNG")[:3000], "bad_picture"),
        (picture_bytes("GIF"), "bad_picture"),
        (picture_bytes("PNG", (150, 900)), "picture_too_small"),
        (b"x" * (MOST_BYTES + 1), "picture_too_large"),
    ],
)
def test_what_is_no_picture_is_refused(content, code):
    assert refusal(content) == code


def test_a_bomb_is_refused_before_it_is_unpacked():
    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    assert len(file.getvalue()) < MOST_BYTES
    assert refusal(file.getvalue()) == "picture_too_large"
