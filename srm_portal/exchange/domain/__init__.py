"""Pure readers and writers of interchange formats: JSON values or rows of cells in, frozen values or problems out."""
