visorcli system account password get --id root
