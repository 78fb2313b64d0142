"""`python -m colmado_insights` opens the window."""

import multiprocessing
import sys

from colmado_insights.app import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
