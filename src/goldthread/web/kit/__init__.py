"""What every page uses: routes, the transaction of a request, templates, forms."""
