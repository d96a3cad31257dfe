visorcli hardware platform get
