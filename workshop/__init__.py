"""What an instructor needs: slides, pages and a handout, built from the notebooks and the README."""
