"""Small things that know no page: findings, rules, ids, files, git, Chinese characters."""
