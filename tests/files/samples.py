"""Good and hostile files, made when they are asked for: nothing binary is kept in the repository."""

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(width=64, height=48, mode="RGB"):
    """Every pixel different from its neighbours, so that turning and cutting show."""
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    image.paste(Image.new(mode, (width // 4, height // 4)), (0, 0))
    return image


def encoded(form, image=None, **options):
    out = io.BytesIO()
    (image or picture()).save(out, form, **options)
    return out.getvalue()


def png(**size):
    return encoded("PNG", picture(**size))


def jpeg(**size):
    return encoded("JPEG", picture(**size))


def webp(**size):
    return encoded("WEBP", picture(**size))


def gif(**size):
    return encoded("GIF", picture(**size))


def film(form):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    return encoded(form, frames[0], save_all=True, append_images=frames[1:], duration=100)


def turned_jpeg(width=60, height=20, orientation=6):
    """Stored lying, to be shown upright; carries a place, a camera and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    image = Image.new("RGB", (width, height), "white")
    image.paste(Image.new("RGB", (10, 10), "red"), (0, 0))
    return encoded("JPEG", image, exif=exif, comment=b"SecretComment", quality=95)


def talkative_png():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "SecretAuthor")
    info.add_text("Long", "SecretLong" * 500, zip=True)
    return encoded("PNG", pnginfo=info, dpi=(300, 300), exif=b"Exif\0\0MM\0*SecretExif")


def chunk(kind, data):
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def flat_png(width, height, *, text_bomb=0):
    """One colour, one bit a pixel: a few kilobytes whatever its size. Made by hand, because Pillow would need the pixels."""
    squeeze = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    body = b"".join(squeeze.compress(row * 100) for _ in range(height // 100))
    body += squeeze.compress(row * (height % 100)) + squeeze.flush()
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * text_bomb, 9)) if text_bomb else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + bomb
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def png_with_surplus_pixels():
    """States 10 by 10 and brings 200 MB of pixels in 200 KB."""
    squeeze = zlib.compressobj(9)
    body = b"".join(squeeze.compress(b"\0" * 1_000_000) for _ in range(200)) + squeeze.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack("!IIBBBBB", 10, 10, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def rgba_png(side=6300):
    """As many pixels as are allowed and as heavy as they get: four bytes each."""
    return encoded("PNG", Image.new("RGBA", (side, side), (10, 20, 30, 255)), compress_level=1)


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("run.sh", "echo hello")
    return out.getvalue()


def pdf(pages=1, *, size=(595, 842), trailer=b""):
    """A small PDF with a word on each page and a correct table of references."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(pages):
        text = f"BT /F1 48 Tf 72 700 Td (Page {n + 1}) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents {5 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    return _assembled(objects, trailer)


def _assembled(objects, trailer):
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def locked_pdf():
    """States an encryption whose password nobody knows."""
    return pdf(
        trailer=b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -1 "
        b"/O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>"
    )
