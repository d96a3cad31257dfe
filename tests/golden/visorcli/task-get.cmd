visorcli system task get -i 0011223344556677
