visorcli system account add --id anna --description Anna
