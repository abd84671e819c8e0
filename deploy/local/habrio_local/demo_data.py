"""The demo society: who lives there and what its shops sell. Prices in rupees."""

from __future__ import annotations

from dataclasses import dataclass

CITY = "Bengaluru"
SOCIETY = "Green Meadows"
VENDOR_PHONE = "9000000002"
CONSUMER_PHONE = "9000000003"
CONSUMER_NAME = "Meera Nair"
CONSUMER_FLAT = "B-304"
WALLET_RUPEES = 2000


@dataclass(frozen=True)
class Item:
    title: str
    brand: str
    price: float
    mrp: float
    unit: str
    pack_size: str
    category: str
    stock: int


@dataclass(frozen=True)
class Shop:
    phone: str
    owner: str
    shop_name: str
    shop_type: str
    description: str
    tags: str
    address: str
    items: tuple[Item, ...]


SHOPS = (
    Shop(
        VENDOR_PHONE,
        "Ramesh Sharma",
        "Sharma General Store",
        "Grocery",
        "Daily needs from the shop at Gate 1, at your door in half an hour",
        "grocery,dairy,snacks",
        "Shop 3, Gate 1, Green Meadows",
        (
            Item("Toned Milk", "Nandini", 27, 27, "pkt", "500 ml", "Dairy", 120),
            Item("Curd", "Nandini", 30, 32, "pkt", "500 g", "Dairy", 60),
            Item("Whole Wheat Atta", "Aashirvaad", 289, 320, "bag", "5 kg", "Staples", 40),
            Item("Toor Dal", "Tata Sampann", 178.5, 199, "pkt", "1 kg", "Staples", 50),
            Item("Sona Masoori Rice", "India Gate", 645, 720, "bag", "10 kg", "Staples", 25),
            Item("Sunflower Oil", "Fortune", 152, 165, "pouch", "1 l", "Staples", 60),
            Item("Filter Coffee Powder", "Cothas", 130, 135, "pkt", "200 g", "Beverages", 45),
            Item("Bhujia", "Haldiram's", 55, 60, "pkt", "200 g", "Snacks", 80),
        ),
    ),
    Shop(
        "9000000004",
        "Asha Fernandes",
        "Asha's Home Bakery",
        "Bakery",
        "Bread and cakes from the oven in Tower C, baked the same morning",
        "bakery,cakes,bread",
        "C-101, Green Meadows",
        (
            Item("Sourdough Loaf", "", 180, 180, "pcs", "450 g", "Bread", 12),
            Item("Ladi Pav", "", 40, 40, "pkt", "6 pcs", "Bread", 30),
            Item("Banana Walnut Cake", "", 320, 350, "pcs", "500 g", "Cakes", 8),
            Item("Masala Cookies", "", 110, 120, "box", "200 g", "Cookies", 20),
            Item("Eggless Chocolate Cupcakes", "", 240, 260, "box", "4 pcs", "Cakes", 10),
        ),
    ),
    Shop(
        "9000000005",
        "Imran Qureshi",
        "Meadows Medicals",
        "Pharmacy",
        "Medicines without prescription, first aid and baby care",
        "pharmacy,health,baby",
        "Shop 7, Gate 2, Green Meadows",
        (
            Item("Paracetamol 500 mg", "Crocin", 20.5, 21.4, "strip", "15 tablets", "Medicine", 100),
            Item("Oral Rehydration Salts", "Electral", 22, 22.9, "sachet", "21.8 g", "Medicine", 100),
            Item("Antiseptic Liquid", "Dettol", 108, 117, "bottle", "125 ml", "First aid", 35),
            Item("Adhesive Bandages", "Band-Aid", 50, 50, "box", "20 pcs", "First aid", 60),
            Item("Baby Diapers M", "MamyPoko", 399, 449, "pkt", "32 pcs", "Baby", 18),
        ),
    ),
)
