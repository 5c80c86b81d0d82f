--[[ A script that does not compile, for the test that a process with one does not start. ]]
return redis.call('GET', KEYS[1]
