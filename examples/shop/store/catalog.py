from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    name: str
    price: float


PRODUCTS = {
    "tea": Product("Green tea", 4.5),
    "mug": Product("Mug", 9.0),
    "pot": Product("Teapot", 24.0),
}
