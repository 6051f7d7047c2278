-- The step changes only names: the rows of the earlier steps remain, and one more request is charged under the new name.
UPDATE request_budget SET requests = requests + 1;
