visorcli system lockdown exception remove -i anna
