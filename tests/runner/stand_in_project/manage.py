"""Stands in for Django's commands: writes down in the database that they were run."""

import os
import sys

import psycopg2

if __name__ == "__main__":
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS done (id serial, command text)")
        cursor.execute("INSERT INTO done (command) VALUES (%s)", [sys.argv[1]])
        cursor.execute("SELECT string_agg(command, ' ' ORDER BY id) FROM done")
        sys.stdout.write(f"done: {cursor.fetchone()[0]}\n")
    connection.close()
