visorcli system account password change
