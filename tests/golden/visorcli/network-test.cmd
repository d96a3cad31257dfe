visorcli network diag test
