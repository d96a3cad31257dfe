visorcli hardware error list
