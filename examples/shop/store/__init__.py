"""The shop's own code: what is sold, who is here, what is in the cart."""
