"""Take the pictures of the dashboard that the docs show: python docs/images/take.py"""

import shutil
from io import BytesIO
from pathlib import Path
from subprocess import PIPE, Popen

from PIL import Image
from playwright.sync_api import sync_playwright

VIEW = "?left=single_centre&right=multi_centre&month=60&lang={lang}"
SIZES = ((1280, 720), (1920, 1080))


def main() -> None:
    """Serve, open the page in each language and size, and keep what is seen."""
    folder = Path(__file__).parent
    with Popen(["cosim", "dashboard", "--no-open", "--port", "0"], stdout=PIPE, text=True) as server:
        assert server.stdout is not None
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http"))
        browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        with sync_playwright() as play:
            window = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            for lang in ("en", "zh"):
                for width, height in SIZES:
                    page = window.new_page(viewport={"width": width, "height": height})
                    page.goto(address + VIEW.format(lang=lang))
                    page.wait_for_selector('.clock[data-position="60"]', timeout=60_000)
                    page.wait_for_selector(".plot canvas")
                    page.wait_for_timeout(1000)
                    seen = Image.open(BytesIO(page.screenshot())).quantize(128)
                    seen.save(folder / f"dashboard_{lang}_{width}.png", optimize=True)
                    page.close()
            window.close()
        server.terminate()


if __name__ == "__main__":
    main()
