"""The painter of charts, and the widgets that show them."""
