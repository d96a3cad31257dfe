visorcli system lockdown exception add -i anna
