visorcli software acceptance set --level=community
