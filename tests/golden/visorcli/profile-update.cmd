visorcli software profile update -p lab=2 -d /depot --dry-run
