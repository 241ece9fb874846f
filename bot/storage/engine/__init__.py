"""What every table needs: connections, transactions, sealing keys, and the two kinds of database."""
