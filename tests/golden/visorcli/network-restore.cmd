visorcli network restore
