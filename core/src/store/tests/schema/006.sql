-- Names only: the rows of the earlier steps are there, and one more request is charged under the new name.
UPDATE request_budget SET requests = requests + 1;
