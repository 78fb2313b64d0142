"""`python -m colmado_insights.cli` is `colmado`."""

from colmado_insights.cli import main

if __name__ == "__main__":
    main()
