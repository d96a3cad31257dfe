visorcli system account token list
