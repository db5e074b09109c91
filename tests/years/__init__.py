"""A year of thousands of made-up people on the pure rules of doses: is any promise about a dose broken?"""
