DESC INTEGRATION ${storage_integration};
