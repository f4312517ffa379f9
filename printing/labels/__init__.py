"""Labels: a template in millimetres, values, and out come ZPL and a preview of the same boxes."""
