import sys

from django.core.management.base import BaseCommand

from core.invariants import run_checks


class Command(BaseCommand):
    help = "Prove the books: a line a check; exit 1 when any row was changed, lost or does not add up."

    def handle(self, *args, **options):
        results = run_checks()
        for result in results:
            self.stdout.write(f"{'ok  ' if result.holds else 'FAIL'} {result.name}")
            for finding in result.findings:
                self.stdout.write(f"       {finding}")
        broken = [result for result in results if not result.holds]
        self.stdout.write(f"{len(results) - len(broken)} of {len(results)} checks hold")
        if broken:
            sys.exit(1)
