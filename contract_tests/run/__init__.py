"""One run of the suite against one deployment, and the judgement of recorded traffic."""
