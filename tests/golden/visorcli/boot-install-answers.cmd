visorcli system boot install --answers http://10.0.2.2/answers.cfg
