visorcli system boot bank verify --bank=1
