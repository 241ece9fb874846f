"""Main keys for tests: 32 random bytes in base64, as an operator's have to be."""

from typing import Final

KEY: Final = "wGEgDyntulHnCweYObh4xct_jfr7B9WLdcvmfvU4Yis"
NEXT_KEY: Final = "xT6E5C2FqzoU93VUD5zFiyH1MwYVUL4wgUAUaeBEJf8"
FOREIGN_KEY: Final = "WpV8TOne9Yk7Hni09c0W7dI4XvdU_C14NKb3bDHOEp4"
