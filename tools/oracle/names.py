"""ClickHouse's camelCase names as this engine writes them."""
import re

# Where the rule below would cut a word.
WORDS = {
    "UInt": "Uint", "DateTime": "Datetime", "IPv": "Ipv", "UUIDv": "Uuidv", "UUID": "Uuid",
    "YYYYMMDDhhmmss": "Yyyymmddhhmmss", "YYYYMMDD": "Yyyymmdd", "YYYYMM": "Yyyymm",
    "UTF8": "Utf8", "NaN": "Nan", "CRC32IEEE": "Crc32Ieee", "MD5": "Md5", "SHA": "Sha", "CRC": "Crc",
}


def snake(name):
    for word, plain in WORDS.items():
        name = name.replace(word, plain)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    name = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return name.lower()


def translate(expression):
    """An expression of ClickHouse's with the names of its functions changed; texts stay."""
    parts = re.split(r"('(?:\\.|[^'\\])*')", expression)
    call = re.compile(r"\b([A-Za-z_]\w*)\(")
    parts[::2] = [call.sub(lambda found: snake(found.group(1)) + "(", part) for part in parts[::2]]
    return "".join(parts)
