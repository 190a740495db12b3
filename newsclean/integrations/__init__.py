"""newsclean inside other people's engines: Scrapy and Spark."""
