visorcli system lockdown exception list
