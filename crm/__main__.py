"""`python -m crm`: the same as the console script."""

from crm.cli import main

if __name__ == "__main__":
    main()
