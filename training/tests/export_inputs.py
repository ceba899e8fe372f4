"""Inputs of the export's tests: texts in many scripts, and pictures that are drawn by formula, here and in
`src/runtime/test-workers/patchwork.ts`."""

import numpy as np

TEXTS = (
    "a dog on the beach in the morning", "perro en la playa con una pelota roja", "собака на пляже утром",
    "the cat sat on the mat and slept", "ein Hund am Strand im Winter", "zwei Katzen auf dem Sofa",
    "un gato negro duerme en la silla", "le chien court sur la plage", "il cane corre sulla spiaggia",
    "um cachorro na praia", "pies na plaży o poranku", "pes na pláži ráno", "koira rannalla aamulla",
    "kutya a tengerparton reggel", "câine pe plajă dimineața", "sahilde sabah köpek",
    "anjing di pantai pada pagi hari", "mbwa ufukweni asubuhi", "con chó trên bãi biển",
    "σκύλος στην παραλία το πρωί", "куче на плажа сутринта", "пес на пляжі вранці", "כלב על החוף בבוקר",
    "كلب على الشاطئ في الصباح", "سگ در ساحل صبح", "समुद्र तट पर कुत्ता", "সৈকতে কুকুর", "หมาบนชายหาดตอนเช้า",
    "犬が朝の浜辺にいる", "早晨海滩上的狗", "아침 해변의 개", "bicycle against a wall in Amsterdam",
    "1234567890 + 42 = ?", "HAPPY NEW YEAR 2026!", "red car, blue car; green bus", "x",
)  # fmt: skip

# Width × height: squares, phone and camera shapes, a single row and a single column of patches, any others.
SIZES = (
    (256, 256), (320, 240), (240, 320), (5000, 1), (1, 5000), (17, 31), (640, 480), (480, 640), (1000, 100),
    (100, 1000), (1, 1), (16, 16), (1080, 1920), (223, 811), (77, 654), (431, 265), (512, 88), (300, 299),
    (901, 64), (64, 901), (33, 33), (718, 412), (145, 560), (808, 616), (250, 700), (90, 91), (603, 371),
    (48, 480), (480, 48), (365, 243), (131, 257), (777, 555), (222, 111), (444, 999),
)  # fmt: skip


def patchwork(seed: int, width: int, height: int) -> np.ndarray:
    """RGB bytes [H,W,3]: four quarters of random colours with a fine texture over them."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    channels = [
        (mixed(seed, 2 * x // width, 2 * y // height, c) * 7 + (((7 * x * x + 13 * x * y) >> 6) & 255)) >> 3
        for c in range(3)
    ]
    return np.stack(channels, axis=-1).astype(np.uint8)


def mixed(seed: int, column: np.ndarray, row: np.ndarray, channel: int) -> np.ndarray:
    """A byte that looks random: FNV-1a over the four numbers, finished as murmur3 is."""
    value = np.full(column.shape, 2166136261, dtype=np.uint32)
    for part in (np.uint32(seed), column.astype(np.uint32), row.astype(np.uint32), np.uint32(channel)):
        value = (value ^ part) * np.uint32(16777619)
    value ^= value >> np.uint32(15)
    value *= np.uint32(2246822519)
    value ^= value >> np.uint32(13)
    return (value & np.uint32(255)).astype(np.int64)
